# A family says later where the other person is, and where they are themselves. Each leaves the other. In Russian.
dial
> 2
> 5
> 3
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
hang up
wait 1 minute
kg-country gets: Request: place not said, RU, need not said, age not said, about someone close, any time. NO/YES {offer}

# The other person is in Turkey. No hour is asked: the caller is at home.
dial
> 2
> 9
> 2
> 9
> 9
> 2
> 9
< Что изменить?⏎1 Где я⏎2 Что мне нужно⏎3 Где близкий человек⏎0 Назад
> 3
< Где человек?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎5 Джалал-Абад⏎9 Ещё
> 9
< 1 Иссык-Куль⏎2 Нарын⏎3 Баткен⏎4 Талас⏎5 За границей⏎9 Ещё⏎0 Назад
> the digit of За границей
< В какой стране?⏎1 Россия⏎2 Казахстан⏎3 Турция⏎4 Корея⏎9 Ещё⏎0 Неважно
> the digit of Турция
< Наберите код, 6 цифр.⏎0 Назад
> {code}
> the digit of {word}
< Хорошо. Изменили. Помощник узнает.

# Then they say that they are in Bishkek themselves. The other person stays in Turkey, and the request as it was.
dial
> 2
> 9
> 2
> 9
> 9
> 2
> 9
> 1
< Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎5 Джалал-Абад⏎9 Ещё⏎0 Назад
> 1
< Какой район?⏎1 Свердловский⏎2 Первомайский⏎9 Ещё⏎0 Пропустить
> 0
> {code}
> the digit of {word}
< Помощника спросили, ждём ответа.
