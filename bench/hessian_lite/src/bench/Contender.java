// hessian-lite beside a plan: turns order messages of one format into another's, through objects. `bench.Contender FROM TO`
// (hessian2, compact, binary, protobuf, json) takes commands on standard input and answers each on standard output:
//   one SIZE, and that many bytes    the message translated: SIZE, a newline, and that many bytes
//   keep SIZE, and that many bytes   keeps a message for `run`: "ok"
//   run TIMES                        translates all kept messages so many times: "ok"
// One thread.
package bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

public final class Contender {
  private final Formats.Translate translate;
  private final List<byte[]> messages = new ArrayList<>();

  private Contender(Formats.Translate translate) {
    this.translate = translate;
  }

  private void run(int times) throws Exception {
    long kept = 0;
    for (; times > 0; --times) {
      for (byte[] message : messages) kept += translate.run(message).size;
    }
    if (kept == 0) throw new IllegalStateException("no bytes came out");
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) return "";
      text.append((char) c);
    }
    return text.toString();
  }

  private void serve(DataInputStream in, OutputStream out) throws Exception {
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] words = line.split(" ");
      int number = Integer.parseInt(words[1]);
      byte[] bytes = words[0].equals("run") ? null : in.readNBytes(number);
      switch (words[0]) {
        case "run" -> {
          run(number);
          say(out, "ok");
        }
        case "keep" -> {
          messages.add(bytes);
          say(out, "ok");
        }
        default -> {
          Formats.Bytes made = translate.run(bytes);
          say(out, Integer.toString(made.size));
          out.write(made.data, 0, made.size);
        }
      }
      out.flush();
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  public static void main(String[] arguments) throws Exception {
    Contender contender = new Contender(Formats.translate(arguments[0], arguments[1]));
    contender.serve(new DataInputStream(new BufferedInputStream(System.in)), new BufferedOutputStream(System.out));
  }
}
