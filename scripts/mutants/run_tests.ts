/**
 * Runs `deno test` with a time limit, and ends all that it started when the time is over. It is a
 * program of its own so that the time begins with the tests, and not while the command before it
 * (`ARI_PROXY_MUTANTS_WRAP`) waits.
 *
 *     deno run -A scripts/mutants/run_tests.ts MILLISECONDS [OPTION…] FILE…
 *
 * @module
 */

/** The exit code when the time is over. */
export const TOO_LONG = 124;

if (import.meta.main) {
  const [limit, ...rest] = Deno.args;
  const tests = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--v8-flags=--max-old-space-size=2048", ...rest],
    env: { NO_COLOR: "1" },
    detached: true,
  }).spawn();
  const end = () => {
    try {
      Deno.kill(-tests.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      end();
      Deno.exit(130);
    });
  }
  const timer = setTimeout(() => {
    end();
    Deno.exit(TOO_LONG);
  }, Number(limit));
  const { code } = await tests.status;
  clearTimeout(timer);
  Deno.exit(code === 0 ? 0 : 1);
}
