/** The engine's process when the app hosts it. */
export {};
