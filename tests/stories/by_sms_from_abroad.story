# By SMS from Russia: one text more, since nobody may ring before her hour is known (R3). Then a service that helps
# people there is asked, and the hour it gets is told by the clocks at home.
abroad sends: помогите
abroad gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
abroad sends: да
abroad gets: Который у вас час? Пришлите 1-24. Без этого не позвоним.
abroad sends: утро
abroad gets: Только цифры:⏎Который у вас час? Пришлите 1-24. Без этого не позвоним.
abroad sends: 2255
abroad gets: Только цифры:⏎Который у вас час? Пришлите 1-24. Без этого не позвоним.
abroad sends: 7
abroad gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
abroad sends: 2
abroad gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
abroad sends: 1
abroad gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
abroad sends: 5
abroad gets: Спасибо. Мы записали.
kg-country gets: Request: Russia, RU, To talk, age not said, morning. NO/YES {offer}
kg-country sends: YES {offer}
kg-country gets: {offer} is yours. 24.11 11:00-15:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}
