# Somebody close asks for a call about their own worry (R25), and then for another language.
caller sends: үй-бүлө
caller gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
caller sends: ооба
caller gets: Качан ыңгайлуу?⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎5 Эртең⏎0 Жок
caller sends: 1
caller gets: Жакшы. Биз {ours} дейбиз, сиз {word}. Муну өчүрүңүз.⏎1 Дагы 0 Бүттү
caller sends: 0
caller gets: Рахмат. Жазып алдык.
kg-country gets: Request: place not said, KY, need not said, age not said, about someone close, any time. NO/YES {offer}
request is offered
other sends: тил
other gets: Тил?⏎1 Кыргызча⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Тоҷикӣ
other sends: 3
other gets: Салом. Сизга тел қилсак бўладими?⏎1 Ҳа 0 Йўқ
other sends: йўқ
other gets: Хўп, ўзгариш йўқ. Тел керак бўлса ТЕЛ, бўлмаса СТОП деб ёзинг.
# Urgent: the request is offered at once, and a coordinator is told.
third sends: үй-бүлө
third gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
third sends: 2
third gets: Качан ыңгайлуу?⏎1 Эки саат ичинде 2 Кийин 0 Жок
third sends: 1
third gets: Жакшы. Биз {theirs} дейбиз, сиз {second}. Муну өчүрүңүз.⏎1 Кийин 0 Бүттү
# Words of danger after FAMILY are about the person they worry about: it stays a call about somebody close (R25).
fourth sends: үй-бүлө
fourth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
fourth sends: куткарыңыз
fourth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 0 Жок
fourth sends: 1
fourth gets: Качан ыңгайлуу?⏎1 Эки саат ичинде 2 Кийин 0 Жок
fourth sends: 0
fourth gets: Макул, өзгөрүү жок. Керек болсо ЧАЛЫҢЫЗ, болбосо ТОКТОТ деп жазыңыз.
fifth sends: үй-бүлө
fifth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
fifth sends: куткарыңыз
fifth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 0 Жок
fifth sends: 0
fifth gets: Макул, өзгөрүү жок. Керек болсо ЧАЛЫҢЫЗ, болбосо ТОКТОТ деп жазыңыз.
