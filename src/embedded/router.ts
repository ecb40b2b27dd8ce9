/**
 * Which subscriptions get a message.
 *
 * @module
 */

import { SubjectTree } from "../bus/subjects.ts";
import type { Publication } from "./publication.ts";

/** Subjects whose routes are cached; those of responses are used once and pile up. */
const MAX_ROUTES = 4096;

/** What holds subscriptions. */
export interface Subscriber {
  /** Whether it gets what it publishes itself. */
  readonly echo: boolean;
  /** Delivers a message to one of its subscriptions. */
  deliver(subscription: Subscription, publication: Publication): void;
}

/** What a client has subscribed to. Texts have a character for each byte. */
export interface Subscription {
  /** The client that gets the messages. */
  readonly subscriber: Subscriber;
  /** The subject, with or without wildcards. */
  readonly pattern: string;
  /** The queue group; undefined without one. */
  readonly queue: string | undefined;
  /** The ID that the client gave it. */
  readonly sid: string;
  /** Messages delivered so far. */
  delivered: number;
  /** Messages after which it ends. */
  max: number;
}

/** What is subscribed under one pattern. */
interface Interest {
  readonly pattern: string;
  readonly subscriptions: Set<Subscription>;
}

/** Where the messages of a subject go. It is replaced when that changes, never altered. */
interface Route {
  /** Each gets every message. */
  readonly everyone: readonly Subscription[];
  /** One of each group gets a message. */
  readonly groups: readonly (readonly Subscription[])[];
}

/** All subscriptions, by subject. */
export class Router {
  readonly #random: () => number;
  readonly #interests = new Map<string, Interest>();
  // The tree holds one value a pattern, however many subscribe to it.
  readonly #tree = new SubjectTree<Interest>();
  readonly #routes = new Map<string, Route>();

  /** @param random Source of chance for the choice within queue groups, from 0 up to but not including 1. */
  constructor({ random = Math.random }: { readonly random?: () => number } = {}) {
    this.#random = random;
  }

  /** How many patterns are subscribed to. */
  get patterns(): number {
    return this.#interests.size;
  }

  /** Adds a subscription, whose pattern must be valid. */
  add(subscription: Subscription): void {
    const { pattern } = subscription;
    let interest = this.#interests.get(pattern);
    if (interest === undefined) {
      interest = { pattern, subscriptions: new Set() };
      this.#interests.set(pattern, interest);
      this.#tree.add(pattern, interest);
    }
    interest.subscriptions.add(subscription);
    this.#forgetRoutes(pattern);
  }

  /** Takes a subscription away, if it is there. */
  remove(subscription: Subscription): void {
    const { pattern } = subscription;
    const interest = this.#interests.get(pattern);
    if (interest === undefined || !interest.subscriptions.delete(subscription)) return;
    if (interest.subscriptions.size === 0) {
      this.#interests.delete(pattern);
      this.#tree.remove(pattern, interest);
    }
    this.#forgetRoutes(pattern);
  }

  /**
   * Delivers a message.
   *
   * @returns To how many subscriptions; undefined when nothing can be published on the subject.
   */
  publish(publication: Publication, from: Subscriber): number | undefined {
    const route = this.#route(publication.subject);
    if (route === undefined) return undefined;
    let count = 0;
    for (const subscription of route.everyone) {
      if (subscription.subscriber === from && !from.echo) continue;
      subscription.subscriber.deliver(subscription, publication);
      count++;
    }
    for (const group of route.groups) {
      const chosen = this.#choose(group, from);
      if (chosen === undefined) continue;
      chosen.subscriber.deliver(chosen, publication);
      count++;
    }
    return count;
  }

  /** The subscriptions of one client that match a subject. */
  ownMatches(subject: string, subscriber: Subscriber): Subscription[] {
    return this.#tree.match(subject).flatMap(({ subscriptions }) =>
      [...subscriptions].filter((subscription) => subscription.subscriber === subscriber)
    );
  }

  #choose(group: readonly Subscription[], from: Subscriber): Subscription | undefined {
    const start = Math.floor(this.#random() * group.length);
    for (let step = 0; step < group.length; step++) {
      const member = group[(start + step) % group.length];
      if (member.subscriber !== from || from.echo) return member;
    }
    return undefined;
  }

  #route(subject: string): Route | undefined {
    const known = this.#routes.get(subject);
    if (known !== undefined) return known;
    if (!isSubject(subject)) return undefined;
    const everyone: Subscription[] = [];
    const groups = new Map<string, Subscription[]>();
    for (const { subscriptions } of this.#tree.match(subject)) {
      for (const subscription of subscriptions) {
        const { queue } = subscription;
        const group = queue === undefined ? everyone : groups.get(queue);
        if (group !== undefined) group.push(subscription);
        else if (queue !== undefined) groups.set(queue, [subscription]);
      }
    }
    const route = { everyone, groups: [...groups.values()] };
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    this.#routes.set(subject, route);
    return route;
  }

  #forgetRoutes(pattern: string): void {
    if (hasWildcards(pattern)) this.#routes.clear();
    else this.#routes.delete(pattern);
  }
}

/**
 * Whether a subject can be subscribed to: no empty part, and `>` as the last part only. It is the rule
 * of nats-server: our own adapters are stricter, but other clients are to work unchanged. The longest
 * subject follows from the longest line.
 */
export function isPattern(subject: string): boolean {
  const parts = subject.split(".");
  return parts.every((part, index) => part !== "" && (part !== ">" || index === parts.length - 1));
}

/** Whether a subject can be published on: a pattern without wildcards. */
function isSubject(subject: string): boolean {
  return subject.split(".").every((part) => part !== "" && part !== "*" && part !== ">");
}

/** Whether a pattern has wildcards. */
function hasWildcards(pattern: string): boolean {
  return !isSubject(pattern);
}
