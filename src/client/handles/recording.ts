import type { LiveRecordingData } from "../../protocol/api/models.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { EventfulHandle } from "./handle.ts";
import { StoredRecording } from "./stored_recording.ts";

/** A recording that goes on; its ID is its name. It is there until it has ended. */
export class LiveRecording extends EventfulHandle {
  /** The recording that it becomes when it has ended. */
  get stored(): StoredRecording {
    return new StoredRecording(this.client, { ...this.key, kind: "storedrecording" });
  }

  /** Tells about it. @throws {AriProxyError} With the code `not_found` when it has ended. */
  data(options?: AriRequestOptions): Promise<LiveRecordingData> {
    return this.client.request("RecordingLiveData", this.key, undefined, options);
  }

  /** Ends it and keeps what was recorded. */
  stop(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveStop", this.key, undefined, options);
  }

  /** Ends it and throws away what was recorded. */
  scrap(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveScrap", this.key, undefined, options);
  }

  /** Halts it; what is heard meanwhile is left out. */
  pause(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLivePause", this.key, undefined, options);
  }

  /** Goes on after a pause. */
  resume(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveResume", this.key, undefined, options);
  }

  /** Records silence until it is unmuted. */
  mute(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveMute", this.key, undefined, options);
  }

  /** Records what is heard again. */
  unmute(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveUnmute", this.key, undefined, options);
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingLiveSubscribe", this.key, undefined, options);
  }
}
