/** The command line's entry for Node. */
export {};
