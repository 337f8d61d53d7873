const inlineImage = /^data:image\/(?:png|jpe?g|gif|webp);base64,/i;

/** Whether a destination is a picture that it contains itself, of a kind that a page shows. */
export const isInlineImage = (url: string): boolean => inlineImage.test(url);
