# A word of danger by SMS: the same neutral texts, but she is offered at once, and a coordinator is told.
caller sends: опасно
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: да
caller gets: Когда удобно?⏎1 В эти 2 часа 2 Позже 0 Нет
caller sends: 2
caller gets: Когда удобно?⏎1 Любое⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
caller sends: 1
caller gets: Хорошо. Ваше слово {word}, наше {ours}. Лучше стереть.⏎1 Ещё 0 Конец
kg-country gets: Request: place not said, RU, need not said, age not said, any time, URGENT. NO/YES {offer}
kg-coordinator-1 gets: Опасно: место не на., RU, нужда неясна, любое!!. Помогите службе.
other sends: SOS
other gets: Hello. May we call you?⏎1 Yes 0 No
other sends: no
other gets: OK. We will not bother you.
