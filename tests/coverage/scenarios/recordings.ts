import assert from "node:assert/strict";
import { app, type Scenario } from "../bench.ts";

/** Playbacks to channels and bridges. */
export const playbacks: Scenario = {
  name: "playbacks",
  async run(bench) {
    const channelId = await bench.call("listener", "Local/answer@demo");
    // A list whose items have commas of their own.
    const media = ["tone:440/300,0/300;tonezone=us", "sound:demo-congrats"];
    const { id } = await bench.rest("POST /channels/{channelId}/play", { channelId, media });
    await bench.event("PlaybackStarted", { playback: { id } });
    const playing = await bench.rest("GET /playbacks/{playbackId}", { playbackId: id });
    assert.equal(playing.media_uri, media[0]);
    await bench.rest("DELETE /playbacks/{playbackId}", { playbackId: id });
    await bench.event("PlaybackContinuing", { playback: { id } });

    const playbackId = "speech";
    const speech = { playbackId, media: "sound:demo-congrats" };
    await bench.rest("POST /channels/{channelId}/play/{playbackId}", { channelId, ...speech });
    await bench.rest("DELETE /playbacks/{playbackId}", { playbackId: id });
    await bench.event("PlaybackStarted", { playback: { id: playbackId } });
    await bench.rest("POST /playbacks/{playbackId}/control", { playbackId, operation: "pause" });
    await bench.rest("POST /playbacks/{playbackId}/control", { playbackId, operation: "unpause" });
    await bench.rest("DELETE /playbacks/{playbackId}", { playbackId });
    await bench.event("PlaybackFinished", { playback: { id: playbackId } });

    const { id: bridgeId } = await bench.rest("POST /bridges");
    await bench.rest("POST /bridges/{bridgeId}/addChannel", { bridgeId, channel: channelId });
    const hello = { bridgeId, media: "sound:hello-world" };
    await bench.rest("POST /bridges/{bridgeId}/play", { ...hello, skipms: 1_000 });
    const named = { ...hello, playbackId: "in-bridge" };
    await bench.rest("POST /bridges/{bridgeId}/play/{playbackId}", named);
    await bench.rest("DELETE /bridges/{bridgeId}", { bridgeId });
  },
};

/** Recordings, live and stored. */
export const recordings: Scenario = {
  name: "recordings, live and stored",
  async run(bench) {
    const channelId = await bench.call("voice", "Local/play@demo");
    const recordingName = "folder/voice 1";
    const one = { recordingName };
    const how = { format: "wav", ifExists: "overwrite" } as const;
    await bench.rest("POST /channels/{channelId}/record", {
      channelId,
      name: recordingName,
      ...how,
    });
    await bench.event("RecordingStarted", { recording: { name: recordingName } });
    await bench.rest("POST /recordings/live/{recordingName}/pause", one);
    await bench.rest("DELETE /recordings/live/{recordingName}/pause", one);
    await bench.rest("POST /recordings/live/{recordingName}/mute", one);
    await bench.rest("DELETE /recordings/live/{recordingName}/mute", one);
    const live = await bench.rest("GET /recordings/live/{recordingName}", one);
    assert.equal(live.state, "recording");
    await bench.rest("POST /recordings/live/{recordingName}/stop", one);
    await bench.event("RecordingFinished", { recording: { name: recordingName } });

    assert.equal((await bench.rest("GET /recordings/stored/{recordingName}", one)).format, "wav");
    const file = await bench.rest("GET /recordings/stored/{recordingName}/file", one);
    // The size that the file says of itself.
    assert.equal(new DataView(file.buffer).getUint32(4, true), file.length - 8);
    await bench.rest("POST /recordings/stored/{recordingName}/copy", {
      ...one,
      destinationRecordingName: "copy",
    });
    const stored = (await bench.rest("GET /recordings/stored")).map(({ name }) => name);
    assert.deepEqual([...stored].sort(), ["copy", recordingName]);
    await bench.rest("DELETE /recordings/stored/{recordingName}", one);
    const { id: bridgeId } = await bench.rest("POST /bridges");
    await bench.rest("POST /bridges/{bridgeId}/addChannel", { bridgeId, channel: channelId });
    await bench.rest("POST /bridges/{bridgeId}/record", { bridgeId, name: "thrown-away", ...how });
    await bench.event("RecordingStarted", { recording: { name: "thrown-away" } });
    await bench.rest("DELETE /recordings/live/{recordingName}", { recordingName: "thrown-away" });

    // A channel that is dialled in a bridge cannot be recorded.
    const dialled = { channelId: "dialled" };
    const target = { endpoint: "Local/ring@demo", app };
    await bench.rest("POST /channels/create", { ...dialled, ...target });
    await bench.rest("POST /bridges/{bridgeId}/addChannel", { bridgeId, channel: "dialled" });
    await bench.rest("POST /channels/{channelId}/dial", dialled);
    await bench.rest("POST /channels/{channelId}/record", { ...dialled, name: "failing", ...how });
    await bench.event("RecordingFailed", { recording: { name: "failing" } });
    await bench.rest("DELETE /bridges/{bridgeId}", { bridgeId });
  },
};
