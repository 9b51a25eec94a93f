import { useEffect } from "react";

const COUNTED = /^\(\d+\+?\) /;

/** Puts a count before the title of the page, whichever that is: "(2) Alerts"; none where it is empty. */
export function useTitleCount(count: string): void {
  useEffect(() => {
    const mark = () => {
      const bare = document.title.replace(COUNTED, "");
      const title = count !== "" ? `(${count}) ${bare}` : bare;
      if (document.title !== title) document.title = title;
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  }, [count]);
}
