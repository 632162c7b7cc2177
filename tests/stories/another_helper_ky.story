# Two services had the number and gave the request back. No third one gets it before the caller agrees (R30). In Kyrgyz.
dial
> 1
> 2
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
> {on}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
> 1
> 0
> 1
> 0
hang up
wait 5 minutes
kg-bishkek gets: Бишкек KY, нужно: неясно, лет?, 8-21. НЕТ/ДА {first}
kg-bishkek sends: да {first}
kg-bishkek gets: {first} ваша. 24.11 08:00-21:00. Сначала спросите «Удобно?» Вы говорите {ours}, вам отвечают {word}. Говорить с другими: нет. Оставить сообщение: нет. СМС: нет. Назвать нас: нет. Взять номер: НОМЕР {first}
kg-bishkek sends: номер {first}
kg-bishkek gets: +996000111001 до 21:00. Слово не то? Скажите «не тот номер», отбой, {first} 0. Вам говорят «вы ошиблись»? Отбой, {first} 6. Иначе {first} и 1 дозвон 2 нет ответа 3 занято 4 выкл 5 другой. 5 и 0: стоп звонкам
kg-bishkek sends: нет нет {first}
kg-bishkek gets: {first}: больше не звоните. Номер сотрите.
kg-country gets: Request: Bishkek, KY, need not said, age not said, any time. NO/YES {second}
kg-country sends: YES {second}
kg-country gets: {second} is yours. 25.11 08:00-21:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {second}
at 10:00
kg-country sends: NUMBER {second}
kg-country gets: {second}: +996000111001 until 21:00. Word wrong? Say wrong number, hang up, send {second} 0. They say wrong number? Hang up, send {second} 6. Else send {second} and 1 reached 2 no answer 3 busy 4 off 5 someone else. 5 and 0 stop all calls
kg-country sends: NO NO {second}
kg-country gets: {second}: do not call any more. Please delete the number.
request is stranded

# The caller looks, and reads how to agree.
dial
> 1
> 9
> 2
> 1
> {code}
> the digit of {word}
< Чала алышкан жок. Башкасына берелиби? Өтүнүчүм, 9, 3.

# They agree.
dial
> 1
> 9
> 2
> 9
> 3
< Жардамчылар чала албаса, номерди башкасына берелиби?⏎1 Ооба⏎0 Жок
> 1
> {code}
> the digit of {word}
< Жакшы. Номерди башка жардамчы алып, чалышы мүмкүн.
