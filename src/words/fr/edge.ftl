problem-not-found = Introuvable ou non accessible à ce niveau de travail.
