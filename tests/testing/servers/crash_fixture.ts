// Starts both servers, writes their process ids as a line of JSON, and then ends in the way that its
// argument names, without having stopped them.
import { startAsterisk } from "./asterisk.ts";
import { startNats } from "./nats.ts";

const [asterisk, nats] = await Promise.all([startAsterisk(), startNats()]);
console.log(JSON.stringify([asterisk.pid, nats.pid]));

switch (Deno.args[0]) {
  case "exit":
    Deno.exit(3);
    break;
  case "throw":
    throw new Error("Not caught on purpose");
  case "wait":
    setTimeout(() => {}, 60_000);
}
