# "My daughter is locked up": danger in the first text, plainly of somebody close. No FAMILY is needed.
caller sends: мою дочь заперли и не выпускают
caller gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
caller sends: 1
caller gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
caller sends: 1
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 И позже 0 Всё
request is offered
caller sends: 1
caller gets: Если не за 2 часа, то когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
caller sends: 4
caller gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
# FAMILY first, then urgent.
other sends: семья
other gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
other sends: 2
other gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
other sends: 1
other gets: Хорошо. Мы скажем {ours_other}, вы {word_other}. Сотрите это СМС.⏎1 И позже 0 Всё
other sends: 0
other gets: Спасибо. Мы записали.
