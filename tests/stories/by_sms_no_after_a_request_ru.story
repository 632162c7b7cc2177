# A caller who writes again and answers no reads what is true: nothing changes, STOP ends all. In Russian.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: 1
caller gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: 1
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
caller sends: 0
caller gets: Спасибо. Мы записали.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: 0
caller gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
request is offered
# The same words for a telephone without a request (R27).
other sends: позвоните
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: 0
other gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
request is offered
# STOP is what ends it, without a reply (R18).
caller sends: стоп
caller gets nothing
request is paused
