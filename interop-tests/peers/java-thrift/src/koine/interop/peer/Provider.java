package koine.interop.peer;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import koine.interop.contract.Colour;
import koine.interop.contract.Interop;
import koine.interop.contract.Item;
import koine.interop.contract.Lists;
import koine.interop.contract.Maps;
import koine.interop.contract.Node;
import koine.interop.contract.NotFound;
import koine.interop.contract.Optionals;
import koine.interop.contract.Order;
import koine.interop.contract.OverQuota;
import koine.interop.contract.Paint;
import koine.interop.contract.Payload;
import koine.interop.contract.Pick;
import koine.interop.contract.Scalars;
import koine.interop.contract.Seen;
import koine.interop.contract.Sets;
import koine.interop.contract.Ticket;
import koine.interop.contract.Times;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.TMultiplexedProcessor;
import org.apache.thrift.TProcessor;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.server.TThreadedSelectorServer;
import org.apache.thrift.transport.TNonblockingServerSocket;
import org.apache.thrift.transport.TServerSocket;

/** Checks what it received against the case and answers the case's other value. */
final class Provider implements Interop.Iface {
  /** Lingering calls each hold one. */
  private static final int WORKERS = 64;

  private final Map<Long, Seen> seen = new ConcurrentHashMap<>();

  /** The server that people choose for framed transports is not to be had for others. */
  static void serve(int port, String name) throws TException {
    Dialect dialect = Dialect.of(name);
    TProcessor processor = new Interop.Processor<>(new Provider());
    if (dialect.multiplexed()) {
      TMultiplexedProcessor both = new TMultiplexedProcessor();
      both.registerProcessor(Dialect.service("own"), processor);
      processor = both;
    }
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
    if (dialect.framed()) {
      TNonblockingServerSocket socket = new TNonblockingServerSocket(
          new TNonblockingServerSocket.NonblockingAbstractServerSocketArgs().bindAddr(address));
      TServer server = new TThreadedSelectorServer(new TThreadedSelectorServer.Args(socket)
          .processor(processor).protocolFactory(dialect.protocols()).workerThreads(WORKERS));
      System.out.println("READY " + socket.getPort());
      server.serve();
    } else {
      TServerSocket socket = new TServerSocket(address);
      TServer server = new TThreadPoolServer(new TThreadPoolServer.Args(socket)
          .processor(processor).protocolFactory(dialect.protocols()).transportFactory(dialect.transports()));
      System.out.println("READY " + socket.getServerSocket().getLocalPort());
      server.serve();
    }
  }

  /** Java's processor keeps the text of this exception only; any other becomes "Internal error". */
  private static TException mismatch(String name, String got, String want) {
    String text = name + ": got " + got + " want " + want;
    return new TApplicationException(TApplicationException.INTERNAL_ERROR, text.substring(0, Math.min(text.length(), 2000)));
  }

  private static void expect(String name, Object got, Object want) throws TException {
    if (!Render.json(got).equals(Render.json(want))) {
      throw mismatch(name, Render.json(got), Render.json(want));
    }
  }

  /** Compares with what the sample's request looks like when read, answers what is to be written. */
  private static <T extends TBase<T, ?>> T check(List<Sample<T>> read, List<Sample<T>> written, String name, T received,
      BiFunction<T, String, T> named) throws TException {
    Sample<T> expected = Sample.find(read, name);
    if (expected == null) {
      throw mismatch(name, "an unknown case", "a case of this method");
    }
    expect(name, received, named.apply(expected.request(), name));
    return named.apply(Sample.find(written, name).answer(), name + ".answer");
  }

  private static <T extends TBase<T, ?>> T check(List<Sample<T>> samples, String name, T received, BiFunction<T, String, T> named)
      throws TException {
    return check(samples, samples, name, received, named);
  }

  @Override
  public Scalars scalars(Scalars r) throws TException {
    return check(Samples.scalars(), r.getCaseId(), r, Scalars::setCaseId);
  }

  @Override
  public Payload payload(Payload r) throws TException {
    return check(Samples.payloads(), r.getCaseId(), r, Payload::setCaseId);
  }

  @Override
  public Lists lists(Lists r) throws TException {
    return check(Samples.lists(), r.getCaseId(), r, Lists::setCaseId);
  }

  @Override
  public Sets sets(Sets r) throws TException {
    return check(Samples.sets(), r.getCaseId(), r, Sets::setCaseId);
  }

  @Override
  public Maps maps(Maps r) throws TException {
    return check(Samples.maps(), r.getCaseId(), r, Maps::setCaseId);
  }

  @Override
  public Order placeOrder(Order r) throws TException {
    return check(Samples.orders(), r.getCaseId(), r, Order::setCaseId);
  }

  @Override
  public Node grow(Node r) throws TException {
    String name = "n0".equals(r.getName()) ? "recursive_chain" : "recursive_bush";
    return check(Samples.nodes(), name, r, (node, ignored) -> node);
  }

  @Override
  public Optionals optionals(Optionals r) throws TException {
    return check(Samples.optionals(), r.getCaseId(), r, Optionals::setCaseId);
  }

  @Override
  public Paint paint(Paint r) throws TException {
    return check(Samples.paintsRead(), Samples.paintsWritten(), r.getCaseId(), r, Paint::setCaseId);
  }

  @Override
  public Pick pick(Pick r) throws TException {
    return check(Samples.picks(), r.getCaseId(), r, Pick::setCaseId);
  }

  @Override
  public Times times(Times r) throws TException {
    return check(Samples.times(), r.getCaseId(), r, Times::setCaseId);
  }

  @Override
  public String several(int first, String second, List<Long> third, Colour fourth, Item fifth) throws TException {
    expect("several_arguments", Arrays.asList(first, second, third, fourth, fifth), Samples.SEVERAL_REQUEST);
    return Samples.SEVERAL_ANSWER;
  }

  @Override
  public long addUp(long left, long right) throws TException {
    expect("bare_result", List.of(left, right), List.of(Samples.ADD_LEFT, Samples.ADD_RIGHT));
    return Samples.ADD_ANSWER;
  }

  @Override
  public List<String> listNames(String prefix) throws TException {
    expect("bare_list_result", prefix, Samples.NAMES_PREFIX);
    return Samples.NAMES_ANSWER;
  }

  @Override
  public String greet() {
    return Samples.GREET_ANSWER;
  }

  private void note(long nonce, Consumer<Seen> change) {
    seen.compute(nonce, (key, entry) -> {
      Seen next = entry == null ? new Seen() : new Seen(entry);
      change.accept(next);
      return next;
    });
  }

  @Override
  public void reset(long nonce) {
    note(nonce, entry -> entry.setResets(entry.getResets() + 1));
  }

  @Override
  public void post(long nonce, String note) {
    if (Samples.POST_NOTE.equals(note)) {
      note(nonce, entry -> entry.setPosts(entry.getPosts() + 1));
    }
  }

  @Override
  public Seen seen(long nonce) {
    return seen.getOrDefault(nonce, new Seen());
  }

  @Override
  public Ticket fail(String name) throws NotFound, OverQuota, TException {
    switch (name) {
      case "declared_exception_a":
        throw Samples.notFound();
      case "declared_exception_b":
        throw Samples.overQuota();
      case "undeclared_failure":
        throw new TApplicationException(TApplicationException.INTERNAL_ERROR, Samples.DELIBERATE);
      case "no_exception":
        return Samples.ticket();
      default:
        throw mismatch(name, "an unknown case", "a case of this method");
    }
  }

  @Override
  public long linger(long nonce, int waitMillis) throws TException {
    note(nonce, entry -> entry.setLingersStarted(entry.getLingersStarted() + 1));
    try {
      Thread.sleep(waitMillis);
    } catch (InterruptedException stopped) {
      throw new TException(stopped);
    }
    return ~nonce;
  }

  @Override
  public Map<String, String> exchangeHeaders(Map<String, String> headers) throws TException {
    expect("metadata_roundtrip", headers, Samples.HEADERS_REQUEST);
    return Samples.HEADERS_ANSWER;
  }

  @Override
  public long stamp(long nonce) {
    return ~nonce;
  }
}
