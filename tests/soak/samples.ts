/**
 * What a process takes of the machine, over time, and whether that grows.
 *
 * @module
 */

/** The process at one moment. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  /** Resident memory, in MiB. */
  readonly memory: number;
  /** Open files, sockets included. */
  readonly files: number;
  /** Threads. */
  readonly threads: number;
  /** Levels that the process reports itself, by name; empty while it does not answer. */
  readonly levels: Readonly<Record<string, number>>;
}

/** Reads the kernel's figures of a process. */
export function readProcess(pid: number): Pick<Sample, "memory" | "files" | "threads"> {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    memory: read("VmRSS") / 1024,
    files: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    threads: read("Threads"),
  };
}

/** The levels of the program, as in `ari_proxy_outbox_bytes 17`: names without their begin. */
export function readLevels(metrics: string): Readonly<Record<string, number>> {
  const found = metrics.matchAll(/^ari_proxy_(\w+) ([\d.e+-]+)$/gm);
  return Object.fromEntries(Array.from(found, ([, name, value]) => [name, Number(value)]));
}

/** By how much the values of the samples' second half grow from its begin to its end, by a line through them. */
export function growth(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  if (half.length < 2) return 0;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const times = half.map(({ at }) => at);
  const values = half.map(value);
  const [time, level] = [mean(times), mean(values)];
  const spread = times.reduce((sum, at) => sum + (at - time) ** 2, 0);
  const shared = times.reduce((sum, at, index) => sum + (at - time) * (values[index] - level), 0);
  return spread === 0 ? 0 : (shared / spread) * (times[times.length - 1] - times[0]);
}

const levelColumns = ["requests_under_way", "outbox_messages", "bound_entities", "gaps_total"];

/** The samples as a table; of many only so many rows, evenly chosen. */
export function sampleTable(samples: readonly Sample[], rows = 30): string {
  const step = Math.max(1, Math.ceil(samples.length / rows));
  const chosen = samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
  const table = chosen.map(({ at, memory, files, threads, levels }) => [
    at.toFixed(0),
    memory.toFixed(1),
    `${files}`,
    `${threads}`,
    ...levelColumns.map((name) => `${levels[name] ?? "-"}`),
  ]);
  const all = [["second", "MiB", "files", "threads", ...levelColumns], ...table];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  "))
    .join("\n");
}
