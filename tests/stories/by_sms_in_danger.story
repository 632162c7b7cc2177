# A word of danger by SMS: the same neutral texts, but she is offered at once, and a coordinator is told.
caller sends: опасно
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: да
caller gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
caller sends: 2
caller gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: 1
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
kg-country gets: Request: place not said, RU, DANGER, age not said, any time, URGENT. NO/YES {offer}
kg-coordinator-1 gets: ОПАСНО: место неясно, RU, нужно: неясно, 8-21!!. Проследите, чтобы служба позвонила.
other sends: SOS
other gets: Hello. May we call you?⏎1 Yes 0 No
other sends: no
other gets: OK, nothing changes. Text CALL for a call, STOP for no calls.
# Who has said now may add another time, or end there.
third sends: опасно
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
third sends: да
third gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
third sends: 1
third gets: Хорошо. Мы скажем {ours_third}, вы {word_third}. Сотрите это СМС.⏎1 И позже 0 Всё
third sends: 1
third gets: Если не за 2 часа, то когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
third sends: 3
third gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
fourth sends: опасно
fourth gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
fourth sends: да
fourth gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
fourth sends: 1
fourth gets: Хорошо. Мы скажем {ours_fourth}, вы {word_fourth}. Сотрите это СМС.⏎1 И позже 0 Всё
fourth sends: 0
fourth gets: Спасибо. Мы записали.
