import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.search.Query;

/** Speaks the lines that benchmarks/worker.py documents, for Lucene. */
public final class Worker {
  private static final int REHEARSAL = 5_000; // texts: enough for the compiler to find what is hot
  private final Engine engine;
  private final TreeMap<Integer, String> texts = new TreeMap<>();
  private final TreeMap<Integer, Query> parsed = new TreeMap<>();
  private Object lastAnswer; // keeps the compiler from dropping work whose result nobody reads

  private Worker(Engine engine) {
    this.engine = engine;
  }

  private interface Action {
    Object run(Query query) throws Exception;
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream replies = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    boolean fielded = arguments.length > 0 && arguments[0].equals("fielded");
    Worker worker = new Worker(fielded ? new PageEngine() : new LuceneEngine());
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      replies.println(worker.reply(line.split("\t", -1)));
      replies.flush();
    }
  }

  private String reply(String[] request) {
    try {
      return handle(request);
    } catch (Exception | OutOfMemoryError error) {
      return "{\"error\": " + quoted(error.toString()) + "}";
    }
  }

  private String handle(String[] f) throws Exception {
    switch (f[0]) {
      case "index":
        return index(Path.of(f[1]), Path.of(f[2]), Integer.parseInt(f[3]), Integer.parseInt(f[4]));
      case "open":
        engine.open(Path.of(f[1]));
        return "{}";
      case "query":
        texts.put(Integer.parseInt(f[1]), f[2]);
        parsed.put(Integer.parseInt(f[1]), engine.parse(f[2]));
        return "{}";
      case "warm":
        return "{\"runs\": " + warm(action(f[1]), Double.parseDouble(f[2])) + "}";
      case "time":
        return "{\"ns\": " + time(f) + "}";
      case "answer":
        return "{\"hits\": " + engine.hits(engine.top(known(f[1]), Integer.parseInt(f[2]))) + "}";
      case "count":
        return "{\"count\": " + engine.count(known(f[1])) + "}";
      default:
        throw new IllegalArgumentException("no such request: " + f[0]);
    }
  }

  private String index(Path flat, Path folder, int threads, int memoryMb) throws Exception {
    Path rehearsal = Files.createTempDirectory(folder.getParent(), "rehearsal");
    engine.index(flat, rehearsal, threads, memoryMb, REHEARSAL);
    try (Stream<Path> files = Files.list(rehearsal)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(rehearsal);
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    engine.index(flat, folder, threads, memoryMb, Integer.MAX_VALUE);
    long built = System.nanoTime();
    cpu = cpuSeconds() - cpu;
    if (threads == 1) {
      engine.optimise(folder);
    }
    long optimised = System.nanoTime();
    return String.format(Locale.ROOT, 
        "{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"optimise_seconds\": %.6f, \"peak_bytes\": %d}",
        (built - start) / 1e9, cpu, (optimised - built) / 1e9, peakBytes());
  }

  private Query known(String number) {
    return parsed.get(Integer.parseInt(number));
  }

  private Action action(String workload) {
    if (workload.equals("count")) {
      return engine::count;
    }
    int k = Integer.parseInt(workload.replace("top", "").replace("_count", ""));
    if (workload.endsWith("_count")) {
      return query -> engine.topCounted(query, k);
    }
    return query -> engine.top(query, k);
  }

  private int warm(Action action, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int runs = 0;
    while (!texts.isEmpty()) {
      for (String text : texts.values()) {
        lastAnswer = action.run(engine.parse(text));
        runs++;
        if (System.nanoTime() > end) {
          return runs;
        }
      }
    }
    return runs;
  }

  private List<Long> time(String[] f) throws Exception {
    String text = texts.get(Integer.parseInt(f[1]));
    Query query = f[3].equals("parsed") ? known(f[1]) : null;
    Action action = action(f[2]);
    int repeats = Integer.parseInt(f[4]);
    long budget = Long.parseLong(f[5]);
    long spent = once(action, text, query);
    List<Long> taken = new ArrayList<>();
    if (spent > budget) {
      taken.add(spent);
    }
    while (taken.size() < repeats && spent < budget) {
      long ns = once(action, text, query);
      taken.add(ns);
      spent += ns;
    }
    return taken;
  }

  private long once(Action action, String text, Query query) throws Exception {
    long start = System.nanoTime();
    lastAnswer = action.run(query == null ? engine.parse(text) : query);
    return System.nanoTime() - start;
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    }
    return Runtime.getRuntime().totalMemory();
  }

  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
