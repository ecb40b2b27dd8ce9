/** A word that can come next on a command line. */
export interface Candidate {
  /** The word in full, from where the one that is being typed begins. */
  readonly word: string;
  /** What it means. */
  readonly brief?: string;
}

/** Stands for all names of files. */
export const files: Candidate = { word: ":files" };
