# The same request by SMS: three neutral texts, each earned by one of hers. STOP is answered with silence.
caller sends: Помогите!
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: да
caller gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: хм
caller gets: Только 0-5:⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: 2
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
kg-country gets nothing
wait 1 minute
kg-country gets: Request: place not said, RU, need not said, age not said, morning. NO/YES {offer}
request is offered
caller sends: СТОП.
caller gets nothing
request is paused
kg-country gets: {offer} is over for you. You do not need to answer any more.
kg-country sends: YES {offer}
kg-country gets: {offer} is over for you. You do not need to answer any more.
