import type { ClusterClient } from "../cluster.ts";
import { LiveRecording, StoredRecording } from "../handles/recording.ts";
import { FoundResource, ListedResource } from "./resource.ts";

/** Recordings in progress. Asterisk does not list them. */
export class LiveRecordings extends FoundResource<LiveRecording> {
  /** Makes the live recordings of a client. */
  constructor(client: ClusterClient) {
    super(client, "liverecording", LiveRecording, "RecordingLiveGet");
  }
}

/** Recordings stored on their nodes. */
export class StoredRecordings extends ListedResource<StoredRecording> {
  /** Makes the stored recordings of a client. */
  constructor(client: ClusterClient) {
    const kinds = { get: "RecordingStoredGet", list: "RecordingStoredList" } as const;
    super(client, "storedrecording", StoredRecording, kinds);
  }
}

/** Recordings of both kinds. */
export class Recordings {
  /** Recordings in progress. */
  readonly live: LiveRecordings;
  /** Stored recordings. */
  readonly stored: StoredRecordings;

  /** Makes the recordings of a client. */
  constructor(client: ClusterClient) {
    this.live = new LiveRecordings(client);
    this.stored = new StoredRecordings(client);
  }
}
