# A woman in Georgia with a telephone of home. Her country is not listed: *another country*, and the hour there. The
# service learns that she is abroad, and calls by her clock.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 1
> 0
< Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Неважно
> 9
> 9
> 3
< В какой стране?⏎1 Россия⏎2 Казахстан⏎3 Турция⏎4 Корея⏎9 Ещё⏎0 Неважно
> 9
< 1 Эмираты⏎2 Польша⏎3 Другая страна⏎9 Ещё⏎0 Неважно
> 3
< Который у вас час? Наберите 1-24. Без этого не позвоним.⏎0 Дальше
> 8
< Чем помочь?⏎1 Не платят⏎2 Отняли паспорт⏎3 Домой⏎9 Ещё⏎0 Пропустить
hang up
wait 5 minutes
kg-country gets: Request: Abroad, RU, need not said, age not said, 10:00-23. NO/YES {offer}
