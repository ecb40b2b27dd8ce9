/** A text message, as it stands in events on the bus. */
export interface TextMessage {
  /** Who sent it, a URI. */
  readonly from: string;
  /** Whom it is for, a URI. */
  readonly to: string;
  /** The text. */
  readonly body: string;
  /** Variables that came with it. */
  readonly variables?: readonly { readonly key: string; readonly value: string }[] | null;
}
