# Whoever holds the phone can stop all calls without a code, and sees the same words whether there was a request or not.
dial
> 2
> 9
> 3
< Пауза: не звоним. Снова: наберите, Моя просьба, 2. Стереть номер: 3.
other dials
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
> 0
kg-country gets: Request: place not said, RU, need not said, age not said, any time. NO/YES {offer}
kg-country sends: yes {offer}
kg-country gets: {offer} is yours. 24.11 10:00-21:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}
other dials
> 2
> 9
> 3
< Пауза: не звоним. Снова: наберите, Моя просьба, 2. Стереть номер: 3.
kg-country gets: {offer}: do not call any more. Please delete the number.
request is paused
kg-country sends: NUMBER {offer}
kg-country gets: {offer} is over for you. You do not need to answer any more.
