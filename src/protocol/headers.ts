/** Header of an answer that holds what Asterisk said when it refused a request; one line of text. */
export const reasonHeader = "Ari-Reason";
