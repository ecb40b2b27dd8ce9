/** What the figures of a run were measured on, in words. */
export function machineWords(): string {
  const cpu = /^model name\s*:\s*(.+)$/m.exec(read("/proc/cpuinfo"))?.[1] ?? Deno.build.arch;
  const memory = Number(/^MemTotal:\s*(\d+) kB$/m.exec(read("/proc/meminfo"))?.[1] ?? 0);
  const others = Deno.loadavg()[0].toFixed(1);
  return `${navigator.hardwareConcurrency} cores (${cpu}), ${Math.round(memory / 2 ** 20)} GiB, ` +
    `Linux ${Deno.osRelease()}, Deno ${Deno.version.deno}, loopback, events of 1.2 KB; ` +
    `load before the run: ${others}`;
}

function read(path: string): string {
  return Deno.readTextFileSync(path);
}
