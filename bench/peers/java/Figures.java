import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/** What both Lucene measurements share: CPU clocks, and the figures of the median of three runs as JSON. */
final class Figures {
  static final int REPEATS = 3;
  static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  final double[][] cpuMs, wallMs;

  Figures(int queries) {
    cpuMs = new double[REPEATS][queries];
    wallMs = new double[REPEATS][queries];
  }

  interface Work { void run() throws Exception; }

  static double processCpuSeconds() {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  void time(int repeat, int query, Work work) throws Exception {
    long wall = System.nanoTime(), cpu = THREADS.getCurrentThreadCpuTime();
    work.run();
    cpuMs[repeat][query] = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6;
    wallMs[repeat][query] = (System.nanoTime() - wall) / 1e6;
  }

  static double mean(double[] values) { return Arrays.stream(values).average().orElse(0); }

  static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = percent / 100 * (sorted.length - 1);
    int low = (int) at;
    double next = sorted[Math.min(low + 1, sorted.length - 1)];
    return sorted[low] + (at - low) * (next - sorted[low]);
  }

  /** Members of a JSON object, without braces. */
  String json() {
    Integer[] order = new Integer[REPEATS];
    for (int i = 0; i < REPEATS; ++i) order[i] = i;
    Arrays.sort(order, (a, b) -> Double.compare(mean(cpuMs[a]), mean(cpuMs[b])));
    double[] cpu = cpuMs[order[REPEATS / 2]], wall = wallMs[order[REPEATS / 2]];
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
        "\"queries\": %d, \"qps_cpu\": %.2f, \"qps_wall\": %.2f, \"cpu_ms\": %.5f",
        cpu.length, 1e3 / mean(cpu), 1e3 / mean(wall), mean(cpu)));
    for (int percent : new int[] {50, 95, 99})
      out.append(String.format(Locale.ROOT, ", \"cpu_p%d_ms\": %.5f, \"p%d_ms\": %.5f",
          percent, percentile(cpu, percent), percent, percentile(wall, percent)));
    return out.toString();
  }
}
