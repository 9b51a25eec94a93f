/** Tags as they are typed, with commas or spaces between. */
export const splitTags = (text: string): string[] => [...new Set(text.split(/[,\s]+/).filter(Boolean))];
