/**
 * The command line program.
 *
 * @module
 */
import { createIo } from "./src/cli/io.ts";
import { main } from "./src/cli/main.ts";

Deno.exit(await main(Deno.args, createIo()));
