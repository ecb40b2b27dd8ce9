import type { ClusterClient } from "../cluster.ts";
import { Playback } from "../handles/playback.ts";
import { FoundResource } from "./resource.ts";

/** Playbacks in progress. Asterisk does not list them. */
export class Playbacks extends FoundResource<Playback> {
  /** Makes the playbacks of a client. */
  constructor(client: ClusterClient) {
    super(client, "playback", Playback, "PlaybackGet");
  }
}
