import type { StoredRecordingData } from "../../protocol/api/models.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";
import { RecordingFile, type RecordingFileOptions } from "./recording_file.ts";

/** A recording that has ended and is kept on its node; its ID is its name. */
export class StoredRecording extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<StoredRecordingData> {
    return this.client.request("RecordingStoredData", this.key, undefined, options);
  }

  /** Copies it under another name. @throws {AriProxyError} With the code `conflict` when that is taken. */
  async copy(destination: string, options?: AriRequestOptions): Promise<StoredRecording> {
    const key = await this.client.request(
      "RecordingStoredCopy",
      this.key,
      { destination },
      options,
    );
    return new StoredRecording(this.client, key);
  }

  /** Its file, which is not asked for before it is read. The original's proxies do not know how. */
  file(options?: RecordingFileOptions): RecordingFile {
    return new RecordingFile(this.client, this.key, options);
  }

  /** Deletes it. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.client.request("RecordingStoredDelete", this.key, undefined, options);
  }
}
