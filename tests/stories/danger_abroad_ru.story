# In danger, in Russia. She does not say what her clock shows, so the promise names no hour of ours, which she would
# take for her own. She is called now all the same.
at 20:30
abroad dials
> 2
> 1
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 1
> 0
< Который у вас сейчас час? Наберите от 1 до 24.⏎0 Дальше
> 0
> 0
< Мы скажем {ours}, вы {word}. Не так? Кладите трубку.⏎1 Дальше 0 Конец
> 1
< Позвоним в ближайшие 2 часа. Отмена: наберите снова.
kg-country gets: Request: Russia, RU, DANGER, age not said, NOW. NO/YES {offer}
