# In danger by SMS: within two hours, and otherwise in the evening. The request is stored and offered before that is asked.
caller sends: коркунуч
caller gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
caller sends: ооба
caller gets: Качан ыңгайлуу?⏎1 2 саат ичинде 2 Кийин 0 Жок
caller sends: 1
caller gets: Жакшы. Сөзүңүз {word}, биздики {ours}. Өчүрсөңүз жакшы.⏎1 Кийин 0 Жок
request is offered
caller sends: 1
caller gets: Болбой калса, качан?⏎1 Дайым⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎0 Жок
caller sends: 4
request is offered
