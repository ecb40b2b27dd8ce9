/**
 * The parameters of Asterisk 22's REST interface that are in the body of a request.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

/** By operation and name: whether a parameter is a member of the body, or the whole body. */
export const bodyParameters: Readonly<
  Record<string, Readonly<Record<string, "member" | "body">>>
> = {
  "PUT /applications/{applicationName}/eventFilter": { "filter": "body" },
  "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": { "fields": "member" },
  "POST /bridges": { "variables": "member" },
  "POST /bridges/{bridgeId}": { "variables": "member" },
  "POST /bridges/{bridgeId}/variables": { "variables": "member" },
  "POST /channels": { "variables": "member" },
  "POST /channels/create": { "variables": "member" },
  "POST /channels/{channelId}": { "variables": "member" },
  "POST /channels/{channelId}/variables": { "variables": "member" },
  "POST /channels/externalMedia": { "variables": "member" },
  "PUT /endpoints/sendMessage": { "variables": "member" },
  "POST /endpoints/refer": { "variables": "member" },
  "PUT /endpoints/{tech}/{resource}/sendMessage": { "variables": "member" },
  "POST /endpoints/{tech}/{resource}/refer": { "variables": "member" },
  "POST /events/user/{eventName}": { "variables": "member" },
};
