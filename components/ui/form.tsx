import type { ComponentProps } from "react";

/**
 * A form that scripts submit. Sent before the page has come alive it goes by POST: what was entered, a
 * password perhaps, must not stand in an address.
 */
export const Form = (props: ComponentProps<"form">) => <form method="post" {...props} />;
