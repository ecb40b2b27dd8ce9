/**
 * The columns of the operation table. A kind of request is a row of them, and one engine
 * (`perform.ts`) carries out every row; no kind has a handler of its own.
 *
 * @module
 */
import type { EntityKind, EntityRef } from "./entity.ts";
import type { WantedPiece } from "./file_piece.ts";
import type { Coordinates, Key } from "./key.ts";
import type { Kind, Kinds, NoPayload, Payload } from "./kinds.ts";
import type { MintKind } from "./mint.ts";
import type { AriCall, Parameters, Route, RouteValues } from "./route.ts";
import type { Shape } from "./shape.ts";
import type { RequestClass } from "./subjects.ts";

/** A request with its payload checked, as the columns see it. */
export interface Input<P> {
  /** ID from the key; for what is made, the ID that was given or minted. */
  readonly id: string;
  /** The key as it was sent; without one, an empty key. */
  readonly key: Key;
  /** The payload. */
  readonly payload: P;
  /** The proxy that carries it out. */
  readonly self: Coordinates;
}

/** Where a payload stands in a request, and what is in it. */
export interface PayloadRow<P> {
  /** Member of the request. */
  readonly member: string;
  /** Its shape. */
  readonly shape: Shape<P>;
  /** Error text for a request without it, where it is not the usual one. */
  readonly missing?: string;
  /** Whether it may be left out altogether. */
  readonly optional?: boolean;
  /** Names of the members, at any depth, that proxies of the original do not know and pass over. */
  readonly ours?: readonly string[];
}

/** The column that a kind with a payload has to have, and one without has not. */
export type PayloadColumn<K extends Kind> = Payload<K> extends NoPayload
  ? { readonly payload?: never }
  : { readonly payload: PayloadRow<Payload<K>> };

/** The columns of a kind of request, but for its payload. */
export interface Operation<K extends Kind> {
  /** Subject class that clients send it in. Proxies take it in any class. */
  readonly class: RequestClass;
  /** The class where it depends on the payload. */
  readonly classOf?: (payload: Payload<K>) => RequestClass;
  /** What the reply consists of. */
  readonly reply: Kinds[K]["reply"];
  /** Kind of the entities in the reply and, unless `about` is given, of the key's ID. */
  readonly entity: EntityKind;
  /** Kind of the entity that the key's ID names, where the reply is about another. */
  readonly about?: EntityKind;
  /** Error text for a key without ID, where it is not the usual one. */
  readonly noId?: string;
  /** Error texts for input that Asterisk would not get to see; the first one counts. */
  readonly refuse?: (input: Input<Payload<K>>) => string | undefined;
  /** Fills in what the caller left to the proxy. */
  readonly complete?: (
    input: Input<Payload<K>>,
    mint: (kind: MintKind) => string,
  ) => Partial<Pick<Input<Payload<K>>, "id" | "payload">>;
  /** Call that has to succeed before `call`: it checks that the entity is there. */
  readonly probe?: Route;
  /** The call to Asterisk; absent for kinds that need none. */
  readonly call?: Route;
  /** The call to Asterisk, where the request itself tells it; `call` is then absent. */
  readonly given?: (input: Input<Payload<K>>) => AriCall;
  /** Values for braces in the routes other than `{id}` and members of the payload. */
  readonly path?: (input: Input<Payload<K>>) => RouteValues;
  /** For the bytes of a file: which of Asterisk's answer are wanted. They make the data. */
  readonly piece?: (input: Input<Payload<K>>) => WantedPiece;
  /** Query of the call. */
  readonly query?: (input: Input<Payload<K>>) => Parameters;
  /** Body of the call. */
  readonly body?: (input: Input<Payload<K>>) => Parameters;
  /** What is bound to the dialog of the key, and when. */
  readonly binds?: {
    /** `first`: before Asterisk is asked; `probed`: when the probe, or without one the call, succeeded. */
    readonly when: "first" | "probed";
    /** The entities. Those with an empty ID bind nothing. */
    readonly entities: (input: Input<Payload<K>>) => readonly EntityRef[];
  };
  /** What Asterisk's answer has to be for success: a JSON object, or anything. */
  readonly answer?: "object";
  /** Part of Asterisk's answer that makes the data; the text `not found` when undefined. */
  readonly pick?: (answer: unknown, input: Input<Payload<K>>) => unknown;
  /** Whether the data tells status and body of Asterisk's answer, also of a refusal. */
  readonly raw?: boolean;
  /** ID in the key of the reply, where it is not the ID of the input. */
  readonly made?: (input: Input<Payload<K>>) => string;
  /** Whether the keys of a list are filtered by the request's key. */
  readonly filtered?: boolean;
  /** Error text around a refusal of the call. */
  readonly failed?: (cause: string, input: Input<Payload<K>>) => string;
}

/** The rows of the kinds whose name begins with `P`. The compiler refuses a missing or other one. */
export type Rows<P extends string> = {
  readonly [K in Extract<Kind, `${P}${string}`>]: Row<K>;
};

/** A kind of request, as a row of the operation table. */
export type Row<K extends Kind> = Operation<K> & PayloadColumn<K>;

/** An entity to bind. */
export const ref = (kind: EntityKind, id: string | undefined): EntityRef => ({
  kind,
  id: id ?? "",
});

/** Binding of the entity that the key names, before Asterisk is asked. */
export function bindsFirst(kind: EntityKind): {
  when: "first";
  entities: (input: { id: string }) => readonly EntityRef[];
} {
  return { when: "first", entities: ({ id }) => [ref(kind, id)] };
}
