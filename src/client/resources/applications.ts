import type { AriClient } from "../client.ts";
import { Application } from "../handles/application.ts";
import { ListedResource } from "./resource.ts";

/** Stasis applications of the nodes. */
export class Applications extends ListedResource<Application> {
  /** Makes the applications of a client. */
  constructor(client: AriClient) {
    super(client, "application", Application, { get: "ApplicationGet", list: "ApplicationList" });
  }
}
