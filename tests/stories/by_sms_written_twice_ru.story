# Who writes the word again before they answer reads what to send. In Russian.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: позвоните
caller gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
caller sends: 0
caller gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
# In danger.
other sends: опасно
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: меня бьют
other gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
other sends: 1
other gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
other sends: 1
other gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 И позже 0 Всё
request is offered
# After their words they are asked again, in a dialogue of its own. The request stays as it is.
other sends: позвоните
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
request is offered
# About somebody close: urgent stays a key.
third sends: семья
third gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
third sends: семья
third gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 2 Срочно 0 Нет
third sends: 2
third gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
# About somebody close in danger.
fourth sends: семья
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fourth sends: опасно
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fourth sends: мою дочь заперли
fourth gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
fourth sends: 1
fourth gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
