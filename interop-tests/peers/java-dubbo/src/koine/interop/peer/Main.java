package koine.interop.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Java Dubbo peer of the interop matrix: a server of one contract's Java and a client that calls
 * every case and checks every answer, both with Apache Dubbo itself.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("usage: java-dubbo server|client …");
    }
    List<String> rest = words.subList(1, words.size());
    switch (words.get(0)) {
      case "server" -> Provider.serve(
          Integer.parseInt(Target.option(rest, "--port", "0")), Contract.of(Target.option(rest, "--contract", "own")));
      case "client" -> {
        Dubbo.bootstrap("consumer").start();
        for (Target target : targets(rest)) {
          run(target);
        }
        System.exit(0); // an abandoned call may still own a thread
      }
      default -> throw new IllegalArgumentException("unknown command " + words.get(0));
    }
  }

  private static List<Target> targets(List<String> words) throws Exception {
    String plan = Target.option(words, "--plan", "");
    if (plan.isEmpty()) {
      return List.of(Target.parse(words));
    }
    List<Target> targets = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(plan))) {
      if (!line.isBlank()) {
        targets.add(Target.parse(List.of(line.trim().split("\\s+"))));
      }
    }
    return targets;
  }

  /** Runs the cases of one target in order and prints one line for each. */
  private static void run(Target target) {
    try (Suite suite = Suite.of(target)) {
      List<String> names = target.cases().isEmpty() ? suite.names() : List.of(target.cases().split(","));
      for (String name : names) {
        long start = System.nanoTime();
        Suite.Verdict verdict = suite.run(name);
        long elapsed = (System.nanoTime() - start) / 1000;
        StringBuilder line = new StringBuilder("{");
        if (!target.id().isEmpty()) {
          line.append("\"id\":").append(Render.quote(target.id())).append(',');
        }
        line.append("\"case\":").append(Render.quote(name))
            .append(",\"ok\":").append(verdict.ok())
            .append(",\"got\":").append(verdict.got())
            .append(",\"want\":").append(verdict.want())
            .append(",\"error\":").append(Render.quote(verdict.error()))
            .append(",\"elapsed_us\":").append(elapsed).append('}');
        System.out.println(line);
      }
    }
  }
}
