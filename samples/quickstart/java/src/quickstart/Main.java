package quickstart;

/** `serve PORT` is the Java provider, `call PORT` the Java caller. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("serve")) {
            Orders.serve(port);
        } else {
            Caller.run(port);
        }
    }
}
