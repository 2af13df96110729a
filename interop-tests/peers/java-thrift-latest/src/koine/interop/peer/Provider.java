package koine.interop.peer;

import java.net.InetSocketAddress;
import org.apache.thrift.TException;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

/** Serves newer.thrift. */
final class Provider {
  private Provider() {}

  static void serve(int port, String name) throws TException {
    Dialect dialect = Dialect.of(name);
    TServerSocket socket = new TServerSocket(new InetSocketAddress("127.0.0.1", port));
    System.out.println("READY " + socket.getServerSocket().getLocalPort());
    new TThreadPoolServer(new TThreadPoolServer.Args(socket).processor(Newer::process)
        .protocolFactory(dialect.protocols()).transportFactory(dialect.transports())).serve();
  }
}
