problem-not-found = Not found, or not accessible at this working label.
