/** Progress, on standard error: standard output is the result's. */
export const say = (text: string): void => console.error(`… ${text}`);
