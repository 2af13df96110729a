package koine.interop.peer;

import org.apache.dubbo.common.Version;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcException;

/** What the provider and the consumer set alike. */
final class Dubbo {
  /** Dubbo's name of the protocol: "dubbo" or "tri". */
  static final String PROTOCOL = System.getProperty("koine.protocol", "dubbo");

  /** How bodies are written; "" for what the library does by itself, Hessian2. */
  static final String SERIALIZATION = System.getProperty("koine.serialization", "");

  /** 2.7's consumers do not say how long they wait. */
  static final boolean TELLS_DEADLINES = !Version.getVersion().startsWith("2.");

  private Dubbo() {}

  static DubboBootstrap bootstrap(String role) {
    ApplicationConfig application = new ApplicationConfig("koine-interop-" + role);
    application.setQosEnable(false);
    return DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"));
  }

  /** Names an error the way the runner matches it. */
  static String describe(Throwable error) {
    String kind = error.getClass().getSimpleName();
    return (error instanceof RpcException failure ? kind + "(" + failure.getCode() + ")" : kind) + ": " + error.getMessage();
  }
}
