/**
 * Messages and referrals: options, and parameters of their operations.
 *
 * @module
 */
import type { AriRequestOptions } from "../ari_client_options.ts";

/** Options of the methods that send a text message. */
export interface MessageOptions extends AriRequestOptions {
  /**
   * The text.
   *
   * @default none
   */
  readonly text?: string;
  /**
   * Headers to send along.
   *
   * @default none
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Options of the methods that refer an endpoint to another place. */
export interface ReferOptions extends AriRequestOptions {
  /** Where it shall go, as in `sip:other@example.com` or an extension. */
  readonly to: string;
  /**
   * Whether it is the endpoint itself, not its peer, that is referred.
   *
   * @default {false}
   */
  readonly toSelf?: boolean;
  /**
   * Headers to send along; `display_name` goes before the URI.
   *
   * @default none
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Parameters of a message, and what else is said about the request. */
export function restMessage({ text, variables, ...request }: MessageOptions): {
  parameters: { body?: string; variables?: Readonly<Record<string, string>> };
  request: AriRequestOptions;
} {
  return {
    parameters: { ...(text !== undefined && { body: text }), ...(variables && { variables }) },
    request,
  };
}

/** Parameters of a referral, and what else is said about the request. */
export function restRefer({ to, toSelf, variables, ...request }: ReferOptions): {
  parameters: {
    refer_to: string;
    to_self?: boolean;
    variables?: Readonly<Record<string, string>>;
  };
  request: AriRequestOptions;
} {
  return {
    parameters: {
      refer_to: to,
      ...(toSelf !== undefined && { to_self: toSelf }),
      ...(variables && { variables }),
    },
    request,
  };
}
