problem-not-found = Nicht gefunden oder auf dieser Arbeitsstufe nicht zugänglich.
