/** What every event has. */
export interface EventBase {
  /**
   * Application that it was sent to. Of a connection for a single call it has the channel's name behind a
   * colon, as in `calls:PJSIP/alice-00000001`; keys and handles have the application alone.
   */
  readonly application: string;
  /** When it happened, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`. */
  readonly timestamp: string;
  /** Node that it comes from. */
  readonly asterisk_id?: string;
  /** Dialog that it was copied for; absent from what is no such copy. */
  readonly dialog?: string;
}
