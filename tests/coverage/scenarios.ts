import type { Scenario } from "./bench.ts";
import { applications, asterisk, deviceStates, sounds } from "./scenarios/asterisk.ts";
import { bridges } from "./scenarios/bridges.ts";
import { calls, extras, journeys, media, variables } from "./scenarios/channels.ts";
import { endpoints } from "./scenarios/endpoints.ts";
import {
  bridgeMethods,
  channelMethods,
  files,
  journeyMethods,
  otherMethods,
} from "./scenarios/methods.ts";
import { playbacks, recordings } from "./scenarios/recordings.ts";
import { takeover } from "./scenarios/takeover.ts";
import { transfers } from "./scenarios/transfers.ts";

/** All scenarios, in the order in which they run: the first one subscribes to everything. */
export const scenarios: readonly Scenario[] = [
  applications,
  asterisk,
  deviceStates,
  sounds,
  endpoints,
  calls,
  media,
  variables,
  journeys,
  extras,
  bridges,
  playbacks,
  recordings,
  transfers,
  channelMethods,
  journeyMethods,
  bridgeMethods,
  otherMethods,
  files,
  takeover,
];
