// Compiling and running a plan.
#include "transcode/plan.h"

#include <algorithm>

#include "base/hash.h"
#include "transcode/format_step.h"
#include "transcode/formats.h"
#include "transcode/program.h"
#include "transcode/state.h"

namespace koine::transcode {

Plan::Plan(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Plan::~Plan() = default;

base::Result<std::unique_ptr<const Plan>> Plan::compile(const Side& source, const Side& target,
                                                        const Pairing& pairing, const PlanOptions& options) {
  // An end that takes a step is another format of the same schema to the program.
  std::unique_ptr<const FormatStep> steps[2];
  Side sides[2] = {source, target};
  for (int i = 0; i < 2; ++i) {
    if (sides[i].root == nullptr) continue;
    base::Result<std::unique_ptr<const FormatStep>> form =
        FormatStep::compile(sides[i].format, *sides[i].root, sides[i].generic);
    if (!form) return form.error();
    steps[i] = std::move(*form);
    sides[i].format = plan_format(sides[i].format);
  }
  auto program = std::make_unique<Program>();
  program->source = sides[0];
  program->target = sides[1];
  program->executors = find_executors(sides[0].format, sides[1].format);
  if (program->executors == nullptr) {
    return base::Status(base::Reason::usage, "bodies cannot be translated from " +
                                                 std::string(model::to_string(source.format)) + " to " +
                                                 std::string(model::to_string(target.format)));
  }
  program->seed = base::random_seed();
  program->source_checked = source.format == model::BodyFormat::json || holds_objects(source.format);
  program->target_is_java = holds_objects(target.format);
  KOINE_RETURN_IF_ERROR(compile_program(pairing, options, *program));
  std::unique_ptr<Plan> plan(new Plan(std::move(program)));
  plan->source_format_ = source.format;
  plan->target_format_ = target.format;
  plan->source_step_ = std::move(steps[0]);
  plan->target_step_ = std::move(steps[1]);
  if (plan->source_step_ != nullptr || plan->target_step_ != nullptr) {
    plan->step_options_ = std::make_unique<const PlanOptions>(options);
  }
  return std::unique_ptr<const Plan>(std::move(plan));
}

namespace {

// A copy of less costs no more than a reference, and a write of one more piece.
constexpr std::size_t gap_bytes_least = 16384;

void start(State& s, base::Bytes in, Context& context, Output& output) {
  context.arena.reset();
  output.start(in.size() + in.size() / 2 + 8 * out_slack_bytes);
  s.out_base = output.begin();
  s.out_limit = output.limit() - out_slack_bytes;
  s.irregular = false;
  s.reason = base::Reason::none;
  s.path_size = 0;
  s.marks = s.first_marks.data();
  s.marks_size = 0;
  s.marks_capacity = s.first_marks.size();
}

// What stands in the way of a message that was read up to `end`, null where it failed.
[[gnu::cold, gnu::noinline]] base::Status refuse(State& s, const std::uint8_t* end, Output& output) {
  if (end == s.in_end) {
    fail(s, base::Reason::limit_message, "the translated message is longer than message_bytes_max");
  } else if (end != nullptr) {
    fail(s, base::Reason::wire_malformed, "there are bytes behind the end of the message");
  }
  output.clear();
  return failure_status(s);
}

}  // namespace

base::Status Plan::run(base::Bytes in, Context& context, Output& output) const {
  if (source_step_ == nullptr && target_step_ == nullptr) [[likely]]
    return run_program(in, context, output);
  return run_steps(in, context, output);
}

// (In a call of its own: what it needs would be paid for by every message.)
base::Status Plan::run_steps(base::Bytes in, Context& context, Output& output) const {
  const PlanOptions& options = *step_options_;
  output.clear();
  if (in.size() > options.limits.message_bytes_max) {
    return base::Status(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }
  if (source_step_ != nullptr) {
    KOINE_RETURN_IF_ERROR(source_step_->read(in, context, context.step_in, options));
    in = context.step_in.bytes();
  }
  if (target_step_ == nullptr) return run_program(in, context, output);
  KOINE_RETURN_IF_ERROR(run_program(in, context, context.step_out));
  return target_step_->write(context.step_out.bytes(), context, output, options);
}

base::Status Plan::run(const base::Slice& in, Context& context, base::Buffer& out) const {
  // What is referred to keeps all of the input in memory: so it has to be a quarter of it.
  const bool long_enough = source_step_ == nullptr && target_step_ == nullptr && in.size() >= gap_bytes_least;
  const base::Status status =
      long_enough ? run_program(in.bytes(), context, context.output, std::max(gap_bytes_least, in.size() / 4))
                  : run(in.bytes(), context, context.output);
  if (status.ok()) context.output.take(in, out);
  return status;
}

base::Status Plan::run_program(base::Bytes in, Context& context, Output& output,
                               std::size_t gap_bytes_min) const {
  static constexpr std::uint8_t nothing = 0;
  const Program& program = *program_;
  if (in.size() > program.options.message_bytes_max) {
    output.clear();
    return base::Status(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }
  const std::uint8_t* begin = in.empty() ? &nothing : in.data();
  State s;
  s.set_input(begin, begin + in.size());
  s.context = &context;
  s.output = &output;
  s.program = &program;
  context.last_dropped_id = 0;
  const Counters before = context.counters;

  start(s, in, context, output);
  s.gap_bytes_min = gap_bytes_min;
  std::uint8_t* out = s.out_base;
  const std::uint8_t* end = program.executors->straight(s, begin, out);
  const bool again = end == nullptr && (s.irregular || may_be_overridden(s.reason));
  if (again) [[unlikely]] {
    context.counters = before;
    start(s, in, context, output);
    s.gap_bytes_min = SIZE_MAX;  // it throws away what a later field replaces
    out = s.out_base;
    end = program.executors->indexed(s, begin, out);
    ++context.counters.indexed_runs;
  } else {
    ++context.counters.straight_runs;
  }
  const auto written = static_cast<std::size_t>(out - s.out_base);
  if (end == s.in_end && written <= program.options.message_bytes_max) [[likely]] {
    output.finish(written);
    return {};
  }
  return refuse(s, end, output);
}

std::size_t Plan::field_count() const { return program_->field_count; }
model::BodyFormat Plan::source_format() const { return source_format_; }
model::BodyFormat Plan::target_format() const { return target_format_; }

}  // namespace koine::transcode
